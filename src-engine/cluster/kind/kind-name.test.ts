import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { fakeTime } from '../../../test/doubles/fake-time.ts';
import { temporaryFolder } from '../../../test/doubles/temporary-folder.ts';
import { kindMemory } from './kind-memory.ts';
import { answersByName, nameAnswer, nameScript } from './kind-name.ts';

let server: Server | null = null;
afterEach(() => void server?.close());

/** A DNS server that answers every question by TCP with that header; the names that it was asked. */
async function dns(header: readonly number[]): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const made = createServer((socket) => {
    let heard = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      heard = Buffer.concat([heard, chunk]);
      if (heard.length < 2 || heard.length < 2 + heard.readUInt16BE(0)) return;
      asked.push(nameIn(heard.subarray(14)));
      socket.end(Buffer.from([0, header.length, ...header]));
    });
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return { port: (made.address() as AddressInfo).port, asked };
}

/** Labels, each after its length. */
function nameIn(question: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; (question[at] ?? 0) > 0; at += 1 + (question[at] ?? 0))
    labels.push(question.subarray(at + 1, at + 1 + (question[at] ?? 0)).toString());
  return labels.join('.');
}

async function printedBy(port: number, config: string): Promise<string> {
  const file = join(temporaryFolder('kind-name'), 'config.yaml');
  writeFileSync(file, config);
  return (await promisify(execFile)('sh', ['-c', nameScript(file, port)])).stdout.trim();
}

const CONFIG = 'kind: KubeletConfiguration\nclusterDNS:\n- 127.0.0.1\nclusterDomain: cluster.local\ncpu: x\n';
/** id, flags with a code of the answer, one question, so many answers, nothing more. */
const header = (code: number, answers: number) => [
  0x12,
  0x34,
  0x81,
  0x80 | code,
  0,
  1,
  0,
  answers,
  0,
  0,
  0,
  0,
];

test('a whole answer to a whole question: the API by its full name', async () => {
  const { port, asked } = await dns(header(0, 1));
  expect(await printedBy(port, CONFIG)).toBe('answered');
  expect(asked).toEqual(['kubernetes.default.svc.cluster.local']);
});

test.each([
  ['no such name', header(3, 0)],
  ['no answer in it', header(0, 0)],
  ['the answer to another question', [0, 0, ...header(0, 1).slice(2)]],
  ['cut off', [0x12, 0x34]],
])('%s is no answer', async (_, words) => {
  const { port } = await dns(words);
  expect(nameAnswer(await printedBy(port, CONFIG))).toBe('silent');
});

test('nobody there is silent; a kubelet without a DNS of the cluster tells nothing', async () => {
  const { port } = await dns(header(0, 1));
  server?.close();
  expect(nameAnswer(await printedBy(port, CONFIG))).toBe('silent');
  expect(await printedBy(port, 'kind: KubeletConfiguration\n')).toBe('untold');
  expect(nameAnswer(null)).toBe('silent');
});

test('every node has to hear it; once heard it is asked no more, until the next run', async () => {
  const says: Record<string, string> = { one: 'answered\n', two: 'silent\n' };
  const asked: string[] = [];
  const inside = async (node: string): Promise<string | null> => {
    asked.push(node);
    return says[node] ?? null;
  };
  const eyes = { docker: { inside }, memory: kindMemory(), clock: fakeTime().clock, isSettled };
  const old = { cluster: 'lab', id: 'run 1', nodes: ['one', 'two'], isYoung: false };
  expect(await answersByName(eyes, old)).toBe(false);
  says['two'] = 'untold\n';
  expect(await answersByName(eyes, old)).toBe(true);
  expect(await answersByName(eyes, old)).toBe(true);
  expect(asked).toEqual(['one', 'two', 'one', 'two']);
  says['one'] = 'silent\n';
  expect(await answersByName(eyes, { ...old, id: 'run 2' })).toBe(false);
});

const isSettled = async (): Promise<boolean> => true;

test('after a start the API has to agree with its pods first, and the nodes get a second to hear it', async () => {
  const { clock, advance } = fakeTime();
  let asked = 0;
  let isAgreed = false;
  const inside = async (): Promise<string> => {
    asked += 1;
    return 'answered';
  };
  const eyes = { docker: { inside }, memory: kindMemory(), clock, isSettled: async () => isAgreed };
  const young = { cluster: 'lab', id: 'run 1', nodes: ['one'], isYoung: true };
  expect(await answersByName(eyes, young)).toBe(false);
  isAgreed = true;
  expect(await answersByName(eyes, young)).toBe(false);
  await advance(500);
  isAgreed = false;
  expect(await answersByName(eyes, young)).toBe(false);
  isAgreed = true;
  await advance(600);
  // It begins anew: the second counts from the last change.
  expect(await answersByName(eyes, young)).toBe(false);
  await advance(999);
  expect([await answersByName(eyes, young), asked]).toEqual([false, 0]);
  await advance(1);
  expect([await answersByName(eyes, young), asked]).toEqual([true, 1]);
});
