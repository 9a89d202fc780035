/** What a line of `--control` asks for. */
export type ControlAct =
  | { readonly act: 'battery'; readonly percent: number }
  | { readonly act: 'ac'; readonly on: boolean }
  | { readonly act: 'heat'; readonly level: number }
  | { readonly act: 'memory'; readonly percent: number }
  | { readonly act: 'lid'; readonly closed: boolean }
  | { readonly act: 'link'; readonly cut: boolean }
  | { readonly act: 'kill' };

/** Every line that there is, as it is written (design/interface.md, demo). */
export const CONTROL_LINES = [
  'battery 0..100',
  'ac on|off',
  'heat 0..4',
  'memory 0..100',
  'lid open|closed',
  'link cut|heal',
  'kill edge',
];

/** Null when the line is none of them. */
export function parseControl(line: string): ControlAct | null {
  const [word = '', value = '', ...rest] = line.trim().split(/\s+/);
  if (rest.length > 0) return null;
  const number = within(value, word === 'heat' ? 4 : 100);
  switch (word) {
    case 'battery':
    case 'memory':
      return number === null ? null : { act: word, percent: number };
    case 'heat':
      return number === null ? null : { act: 'heat', level: Math.round(number) };
    case 'ac':
      return choose(value, ['on', 'off'], (on) => ({ act: 'ac', on }));
    case 'lid':
      return choose(value, ['closed', 'open'], (closed) => ({ act: 'lid', closed }));
    case 'link':
      return choose(value, ['cut', 'heal'], (cut) => ({ act: 'link', cut }));
    case 'kill':
      return value === 'edge' ? { act: 'kill' } : null;
    default:
      return null;
  }
}

function within(text: string, most: number): number | null {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value <= most ? value : null;
}

function choose(
  value: string,
  [yes, no]: readonly [string, string],
  make: (isYes: boolean) => ControlAct,
): ControlAct | null {
  return value === yes || value === no ? make(value === yes) : null;
}
