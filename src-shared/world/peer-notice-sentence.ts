import { isMessageKey } from '../language/translate.ts';
import type { Notice } from './notices.ts';
import { classTitle } from './peer-sentence.ts';
import type { BreakClass } from './peer.ts';
import { sentence, type Sentence } from './sentence.ts';

type PeerNotice = Extract<
  Notice['kind'],
  'peerLost' | 'peerWeak' | 'peerBack' | 'peerLeft' | 'peerUnpaired' | 'networkAsked' | 'pairingAsked'
>;

/** Notices of the other Mac. What another version sent differently loses words, not the notice. */
export function peerNoticeSentence(
  kind: PeerNotice,
  params: Notice['params'],
): { readonly title: Sentence; readonly body: readonly Sentence[] } {
  const name = nameOrOther(params);
  switch (kind) {
    case 'peerLost':
    case 'peerWeak':
      return broken(params, name);
    case 'peerBack':
      return {
        title: sentence('notice.peerBack', name),
        body:
          typeof params['lostMs'] === 'number'
            ? [sentence('notice.peerBack.body', { lostMs: params['lostMs'] })]
            : [],
      };
    case 'peerLeft':
      return {
        title: sentence('notice.peerLeft', { ...name, reasonKey: `bye.${params['reason']}` }),
        body: [sentence('class.LEFT.detail', name)],
      };
    case 'peerUnpaired':
      return {
        title: sentence('notice.peerUnpaired', name),
        body: [sentence('notice.peerUnpaired.body')],
      };
    case 'networkAsked':
      return { title: sentence('network.ask'), body: [sentence('network.ask.detail')] };
    case 'pairingAsked':
      return {
        title: sentence('pair.continue.compare'),
        body: [sentence('notice.pairingAsked.body', name)],
      };
  }
}

/** A class, how long it has been silent, the likeliest cause, and what to do. */
function broken(
  params: Notice['params'],
  name: Record<string, string>,
): ReturnType<typeof peerNoticeSentence> {
  const { class: told, silenceMs, likely } = params;
  const known = isMessageKey(`class.${told}.detail`) ? (told as BreakClass) : 'PEER_UNREACHABLE';
  const likelyKey = `likely.${likely}`;
  return {
    title: { key: classTitle(known, '').key, params: name },
    body: [
      ...(typeof silenceMs === 'number' ? [sentence('notice.silent', { silenceFineMs: silenceMs })] : []),
      ...(isMessageKey(likelyKey) ? [sentence('likely.most', { likelyKey })] : []),
      sentence(`class.${known}.detail`, name),
    ],
  };
}

/** The other Mac's name, or words for it. */
function nameOrOther({ name }: Notice['params']): Record<string, string> {
  return typeof name === 'string' ? { name } : { nameKey: 'peer.other' };
}
