import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { passTrailers } from './pump.ts';

const trailers = (rawTrailers: string[]) => ({ rawTrailers }) as IncomingMessage;

/** The answer of a server, read to its end. */
async function answerOf(serve: (response: ServerResponse) => void): Promise<IncomingMessage> {
  const server = createServer((_request, response) => serve(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    get({ port, agent: false }, (answer) => {
      answer.once('end', () => resolve(answer));
      answer.resume();
    }).once('error', reject);
  });
}

test('trailers go behind the body, and one that Node does not write costs the answer nothing', async () => {
  const good = await answerOf((response) => {
    response.write('x');
    passTrailers(trailers(['X-Sum', '1', 'x-sum', '2']), response);
    response.end();
  });
  expect(good.rawTrailers).toEqual(['X-Sum', '1', 'x-sum', '2']);
  const bad = await answerOf((response) => {
    response.write('x');
    passTrailers(trailers(['X-Sum', 'a\u007f']), response);
    response.end();
  });
  expect([bad.complete, bad.rawTrailers]).toEqual([true, []]);
});
