/**
 * The JSON document in what a tool wrote: all of it, or from the first line on that begins one. minikube may say a word
 * before it, such as a warning of a shell that stands before the tool. `undefined`: there is none.
 */
export function jsonIn(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const lines = text.split('\n');
  const first = lines.findIndex((line) => /^\s*[[{]/.test(line));
  if (first < 0) return undefined;
  return parsed(lines.slice(first).join('\n')) ?? parsed(lines[first] ?? '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
