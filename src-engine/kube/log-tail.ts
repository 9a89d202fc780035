/** Of the text that is told, bytes of UTF-8: three containers stay far below the control socket's line of 1 MiB. */
export const LOG_BYTES = 64 * 1024;
const NEW_LINE = 0x0a;

/** CSI (colours, cursor), OSC (titles) and the two-letter ones of ECMA-48. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const ESCAPES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B\n]*(?:\u0007|\u001B\\)?|[@-Z\\-_])/g;
/** A terminal obeys them, and so they are taken out: all but the tab and the new line; and what turns the order of letters. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Text of others without its escapes, and so without what they would do. */
export function plainText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(ESCAPES, '').replace(CONTROLS, '').trimEnd();
}

/** The last of a log as plain text: whole lines, as many as fit. */
export function logTail(log: string, mostBytes = LOG_BYTES): string {
  const plain = plainText(log);
  const bytes = Buffer.from(plain, 'utf8');
  if (bytes.length <= mostBytes) return plain;
  const start = bytes.length - mostBytes;
  const last = bytes.subarray(start).toString('utf8');
  const begins = last.indexOf('\n');
  if (bytes[start - 1] === NEW_LINE) return last;
  // One line that is longer than all that may be told begins in its middle; half a letter does not.
  return begins === -1 ? last.replace(/^\uFFFD+/, '') : last.slice(begins + 1);
}
