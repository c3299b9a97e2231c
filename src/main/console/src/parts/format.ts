const NUMBERS = new Intl.NumberFormat();
const TIMES = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : NUMBERS.format(value);
}

/** In the reader's zone. */
export function time(iso: string | null | undefined): string {
  return iso ? TIMES.format(new Date(iso)) : '–';
}

/** @param ms milliseconds */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1000);
  return minutes < 60
    ? `${minutes} min ${seconds} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Of bytes, in thousands. */
export function size(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return '–';
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

export function between(
  from: string | null | undefined,
  until: string | null | undefined,
): number | undefined {
  return from && until ? Date.parse(until) - Date.parse(from) : undefined;
}

/** `1 table`, `2 tables` */
export function plural(value: number, word: string): string {
  return `${NUMBERS.format(value)} ${word}${value === 1 ? '' : 's'}`;
}

/** Its beginning, when it is longer than this many characters. */
export function cut(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
