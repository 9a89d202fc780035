import type { ServerResponse } from 'node:http';

const LOOK_MS = 100;

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A watch as the API has it: it stays open, and each object that came, changed or went since then is a line. */
export function tellChanges(response: ServerResponse, look: () => readonly unknown[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  let before = byName(look());
  const timer = setInterval(() => {
    const now = byName(look());
    for (const [key, text] of now)
      if (before.get(key) !== text) tell(response, before.has(key) ? 'MODIFIED' : 'ADDED', text);
    for (const [key, text] of before) if (!now.has(key)) tell(response, 'DELETED', text);
    before = now;
  }, LOOK_MS);
  response.on('close', () => clearInterval(timer));
}

const byName = (objects: readonly unknown[]): Map<string, string> =>
  new Map(
    (objects as readonly Named[]).map((object) => {
      const { name, namespace = '' } = object.metadata;
      return [`${namespace}/${name}`, JSON.stringify(object)];
    }),
  );

function tell(response: ServerResponse, type: string, text: string): void {
  response.write(`{"type":"${type}","object":${text}}\n`);
}
