/** A whole answer of HTTP/1.1 as a front of ours or HAProxy sends it to a short request. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The connection may be used again. */
  readonly isKept: boolean;
}

/** @param text what came so far, a character a byte; null: not whole yet */
export function wholeAnswer(text: string): Answer | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const head = text.slice(0, headEnd).toLowerCase();
  const body = text.slice(headEnd + 4);
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length === undefined ? !isLastChunkIn(head, body) : body.length < Number(length)) return null;
  return {
    status: Number(/^http\/1\.[01] (\d{3})/.exec(head)?.[1] ?? NaN),
    body,
    isKept: head.startsWith('http/1.1') && !head.includes('\r\nconnection: close'),
  };
}

/** No JSON document of the workload has a blank line in it. */
function isLastChunkIn(head: string, body: string): boolean {
  return head.includes('\r\ntransfer-encoding: chunked') && /(^|\r\n)0\r\n\r\n$/.test(body);
}
