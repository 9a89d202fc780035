import { cut } from './columns.ts';

/** A calm full-screen view: the alternate screen, rewritten only where a line changed. */
export interface FullScreen {
  draw(lines: readonly string[]): void;
  close(): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[2J';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const CLEAR_REST_OF_LINE = '\u001b[K';

export function fullScreen(out: NodeJS.WriteStream): FullScreen {
  let shown: string[] = [];
  out.write(ENTER);
  const forget = (): void => {
    shown = [];
    out.write('\u001b[2J');
  };
  out.on('resize', forget);
  return {
    draw(lines) {
      const rows = out.rows ?? 24;
      const wanted = lines.slice(0, rows).map((line) => cut(line, out.columns ?? 80));
      const count = Math.min(rows, Math.max(wanted.length, shown.length));
      let text = '';
      for (let row = 0; row < count; row += 1)
        if (wanted[row] !== shown[row])
          text += `\u001b[${row + 1};1H${wanted[row] ?? ''}${CLEAR_REST_OF_LINE}`;
      if (text !== '') out.write(text);
      shown = wanted;
    },
    close() {
      out.off('resize', forget);
      out.write(LEAVE);
    },
  };
}
