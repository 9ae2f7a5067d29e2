import { Option } from 'commander'

export const policyOption = () =>
  new Option('--policy <json>', 'file: order ("urgent", "new-first", ...), quota of a day by purpose, utcOffsetMinutes')

export const templateOption = () => new Option('--template <json>', "file to draw it by (default: the program's own)")
