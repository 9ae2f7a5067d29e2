import { InvalidArgumentError, Option } from 'commander'

function parseWords(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It is empty.')
}

export const keyOption = () => new Option('--key <file>', "file of the station's key (default: key in the folder)")

export const operatorOption = () =>
  new Option('--operator <name>', 'who does this: it is recorded').argParser(parseWords)

export const noteOption = () => new Option('--note <words>', 'anything to be kept with it')

export const uncheckedOption = () =>
  new Option('--unchecked <reason>', 'why a card may follow though no station compared the fingers').argParser(
    parseWords,
  )

export const reasonOption = () => new Option('--reason <words>', 'why: it is recorded').argParser(parseWords)
