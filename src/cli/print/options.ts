import { Option } from 'commander'

export const policyOption = () =>
  new Option('--policy <json>', 'file: order ("urgent", "new-first", ...), quota of a day by purpose, utcOffsetMinutes')

export const noteOption = () => new Option('--note <words>', 'anything to be kept with it')

export const templateOption = () => new Option('--template <json>', "file to draw it by (default: the program's own)")
