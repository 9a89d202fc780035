import type { Input, Method, Output } from '../src-shared/commands/registry.ts';
import { errorSentences, translator } from '../src-shared/language/translate.ts';
import type { World } from '../src-shared/world/world.ts';
import type { EngineClient } from '../src-engine/platform/engine-client.ts';
import type { Mac } from './mac.ts';

const english = translator('en');

/** Calls a verb; what was refused is thrown in its own words. */
export async function must<M extends Method>(
  client: EngineClient,
  method: M,
  input: Input<M>,
): Promise<Output<M>> {
  const answer = await client.call(method, input);
  if (answer.ok) return answer.value;
  const { message, hint } = errorSentences(answer.error, english);
  throw new Error(`${method}: ${message} ${hint}`);
}

/** Resolves with the first World that fits; fails after the limit, or when the engine is gone, with what was waited for. */
export function reach(
  { client, side }: Mac,
  what: string,
  limitMs: number,
  fits: (world: World) => boolean,
): Promise<World> {
  return new Promise((resolve, reject) => {
    const give = (why: string) => (): void => {
      clearTimeout(limit);
      forget();
      reject(new Error(why));
    };
    const limit = setTimeout(
      give(`The ${side} did not come to this in ${limitMs / 1000} s: ${what}.`),
      limitMs,
    );
    void client.closed.then(give(`The engine of the ${side} ended before this: ${what}.`));
    const look = (world: World): void => {
      if (!fits(world)) return;
      clearTimeout(limit);
      forget();
      resolve(world);
    };
    const forget = client.on('status.changed', look);
    void client.call('status.get', {}).then((first) => first.ok && look(first.value));
  });
}

const PAIR_MS = 60_000;

/** A real pairing: the digits of both screens are compared here, as a person would. */
export async function pairMacs(core: Mac, edge: Mac, address: string): Promise<string> {
  for (const { client } of [core, edge]) await must(client, 'status.subscribe', { live: true });
  await must(core.client, 'pair.open', {});
  await must(edge.client, 'pair.dial', { host: address });
  const [onCore, onEdge] = await Promise.all([digits(core), digits(edge)]);
  const same = onCore === onEdge && onCore !== null;
  await Promise.all([core, edge].map(({ client }) => must(client, 'pair.answer', { same })));
  if (!same) throw new Error(`The digits differ: ${onCore} and ${onEdge}.`);
  await Promise.all(
    [core, edge].map((mac) => reach(mac, 'paired and linked', PAIR_MS, ({ peer }) => peer?.link === 'up')),
  );
  return onCore;
}

async function digits(mac: Mac): Promise<string | null> {
  const world = await reach(
    mac,
    'six digits',
    PAIR_MS,
    ({ link }) => (link.pairing?.digits ?? null) !== null,
  );
  return world.link.pairing?.digits ?? null;
}
