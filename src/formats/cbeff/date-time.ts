const DATE_TIME = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|[+-](\d\d):(\d\d))?$/

/** Whether a text is a dateTime of XML Schema: a day of the calendar, a time of the day, and perhaps a zone. */
export function isDateTime(text: string): boolean {
  const found = DATE_TIME.exec(text)
  if (found === null) return false
  const [year, month, day, hour, minute, second, , zoneHour = 0, zoneMinute = 0] = found
    .slice(1)
    .map(part => part && Number(part)) as number[]
  const isMidnight = hour === 24 && minute === 0 && second === 0 && !/[1-9]/.test(found[7] ?? '')
  const isTime = (hour < 24 || isMidnight) && minute < 60 && second < 60
  const isZone = zoneMinute < 60 && zoneHour * 60 + zoneMinute <= 14 * 60
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && isTime && isZone
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
