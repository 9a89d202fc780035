import stringWidth from 'string-width';

/** Pads to so many columns, one blank at least: a Hangul syllable takes two. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(1, columns - stringWidth(text)));
}

/** As much of the text as fits into so many columns. */
export function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > columns) break;
    kept += segment;
  }
  return kept;
}
