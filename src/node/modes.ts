/**
 * Modes of what holds fingerprints, or says who has them: for its owner alone, whatever the umask.
 * Files and folders that are there already keep theirs.
 */
export const PRIVATE_FILE_MODE = 0o600
export const PRIVATE_FOLDER_MODE = 0o700
/** For plots and reports, which name nobody: what the umask leaves. */
export const SHARED_FILE_MODE = 0o666
