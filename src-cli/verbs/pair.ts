import type { TandemError } from '../../src-shared/errors/result.ts';
import { durationIn } from '../../src-shared/language/translate.ts';
import type { Pairing } from '../../src-shared/world/peer.ts';
import { ask } from '../ask.ts';
import { EXIT } from '../terminal.ts';
import type { Verb, VerbContext } from '../verb.ts';

/**
 * `pair` waits, `pair HOST` calls; both show the six digits and ask (design/interface.md). `--yes` is for scripts: it
 * answers by itself and writes documents, also without `--json`.
 */
export const pairVerb: Verb<'pair.open'> = {
  run: async (_input, context) => pair(context),
  show: () => undefined,
};

type End = { readonly done: Pairing } | { readonly error: TandemError };

async function pair(context: VerbContext): Promise<number> {
  const { client, terminal, flags } = context;
  const ended = follow(context);
  await client.call('status.subscribe', { live: false });
  const host = typeof flags['host'] === 'string' ? flags['host'] : null;
  if (host !== null) say(context, terminal.t('cli.pair.dialling', { host }));
  const begun = host === null ? await client.call('pair.open', {}) : await client.call('pair.dial', { host });
  if (!begun.ok) return terminal.fail(begun.error);
  ended.see(begun.value);
  // What happened between the answer and now: a dial may have got to the digits already.
  const now = await client.call('status.get', {});
  if (now.ok) ended.see(now.value.link.pairing);
  const end = await ended.end;
  return 'error' in end ? terminal.fail(end.error) : tellDone(end.done, context);
}

interface Course {
  /** Takes up where the pairing stands; null when it is gone. */
  see(pairing: Pairing | null): void;
  readonly end: Promise<End>;
}

/** Follows a pairing from its first answer to its end; each stage is told once. */
function follow(context: VerbContext): Course {
  const { client } = context;
  const question = new AbortController();
  let begun = false;
  let told: Pairing['stage'] | null = null;
  let finish: (end: End) => void = () => undefined;
  const end = new Promise<End>((resolve) => {
    finish = (how) => {
      question.abort();
      resolve(how);
    };
  });
  const cancelled = { error: { code: 'cancelled', params: { why: 'pairing' } } } as const;
  const see = (pairing: Pairing | null): void => {
    if (pairing === null) return begun ? finish(cancelled) : undefined;
    begun = true;
    if (pairing.stage === told) return;
    told = pairing.stage;
    if (pairing.stage === 'done') return finish({ done: pairing });
    if (pairing.stage === 'failed')
      return finish({ error: pairing.error ?? { code: 'pairingBroken', params: {} } });
    tellStage(pairing, context);
    if (pairing.stage === 'compare') void answer(pairing, context, question.signal);
  };
  client.on('status.changed', ({ link }) => {
    // What the World said before our own call was of another pairing.
    if (begun) see(link.pairing);
  });
  void client.closed.then(() => finish({ error: { code: 'engineLost', params: {} } }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void client.call('pair.cancel', {}).then(() => finish(cancelled)));
  return { see, end };
}

function tellStage(
  { stage, listening, digits, role, expiresAt, peerName }: Pairing,
  context: VerbContext,
): void {
  const { terminal } = context;
  const { t } = terminal;
  const expiresInMs = Math.max(0, Date.parse(expiresAt) - Date.now());
  const name = peerName ?? t('peer.other');
  if (stage === 'listening') {
    if (wantsDocuments(context)) terminal.document({ listening, expiresInMs });
    const left = durationIn(t, expiresInMs);
    say(context, t('cli.pair.listening', { address: listening ?? '?', left }));
  }
  if (stage === 'compare') {
    say(context, t('cli.pair.digits', { digits: spaced(digits ?? '') }));
    if (role === 'core' || role === 'edge')
      say(context, t('cli.pair.becomes', { role: t(`pair.role.${role}`) }));
  }
  if (stage === 'waiting') say(context, t('cli.pair.waiting', { name }));
}

/** The person's answer; the default, and that of a missing terminal, is "different". */
async function answer(pairing: Pairing, context: VerbContext, until: AbortSignal): Promise<void> {
  const { client, terminal, flags } = context;
  const name = pairing.peerName ?? terminal.t('peer.other');
  const same = flags['yes'] === true || (await ask(terminal.t('cli.pair.ask', { name }), until));
  // Over before it was answered: the end tells how.
  if (until.aborted) return;
  await client.call('pair.answer', { same });
}

function tellDone({ peerName, peerPin, digits }: Pairing, context: VerbContext): number {
  const { terminal } = context;
  const { t } = terminal;
  if (wantsDocuments(context)) terminal.document({ peer: { name: peerName, pin: peerPin }, digits });
  else {
    terminal.print(t('cli.pair.done', { name: peerName ?? t('peer.other') }));
    terminal.print(t('cli.pair.key', { pin: peerPin ?? t('value.unknown') }));
  }
  return EXIT.done;
}

function wantsDocuments({ terminal, flags }: VerbContext): boolean {
  return terminal.json || flags['yes'] === true;
}

/** Words beside the documents go to standard error; with `--json` nothing but documents and the question is written. */
function say({ terminal }: VerbContext, text: string): void {
  if (!terminal.json) terminal.note(text);
  else if (process.stdin.isTTY) terminal.note(text);
}

/** `048 213`: as the app shows it. */
function spaced(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}
