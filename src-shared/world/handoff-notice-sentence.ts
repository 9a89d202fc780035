import { isErrorCode } from '../errors/codes.ts';
import { isMessageKey } from '../language/translate.ts';
import type { Notice } from './notices.ts';
import { errorHint, errorSentence, sentence, type Sentence } from './sentence.ts';

export type HandoffNotice = Extract<Notice['kind'], `handoff${string}`>;
type Params = Notice['params'];

/** Notices of departures and returns, told on both Macs. What another version sent differently loses words, not the notice. */
export function handoffNoticeSentence(
  kind: HandoffNotice,
  params: Params,
): { readonly title: Sentence; readonly body: readonly Sentence[] } {
  const side = params['side'] === 'core' ? 'core' : 'edge';
  const name = typeof params['name'] === 'string' ? { name: params['name'] } : { nameKey: 'peer.other' };
  const title = (key: Exclude<HandoffNotice, 'handoffHeld'>): Sentence =>
    sentence(`notice.${key}.${side}`, name);
  switch (kind) {
    case 'handoffWarned':
      return {
        title: title(kind),
        body: [...reasonBody(params), sentence(`notice.${kind}.body.${side}`, name)],
      };
    case 'handoffMoved':
      return { title: title(kind), body: movedBody(params, side, name) };
    case 'handoffReturned':
      return { title: title(kind), body: sharesBody(params) };
    case 'handoffLost':
      return { title: title(kind), body: [sentence(`notice.${kind}.body.${side}`, name)] };
    case 'handoffHeld':
      return { title: sentence('notice.handoffHeld'), body: heldBody(params, name) };
  }
}

function reasonBody({ reason, detail, endsAt }: Params): Sentence[] {
  const plain = `handoff.reason.${reason}`;
  const read = `${plain}.read`;
  const reasonKey = typeof detail === 'string' && isMessageKey(read) ? read : plain;
  if (!isMessageKey(reasonKey)) return [];
  const why = { reasonKey, ...(typeof detail === 'string' ? { detail } : {}) };
  return typeof endsAt === 'string'
    ? [sentence('handoff.detail.countdown', { ...why, beginsAt: endsAt })]
    : [];
}

function movedBody({ moved, cut }: Params, side: 'core' | 'edge', name: Record<string, string>): Sentence[] {
  const serves = sentence(`notice.handoffMoved.body.${side}`, name);
  if (typeof cut === 'number' && cut > 0)
    return [serves, sentence('notice.handoffMoved.cut', { count: cut })];
  return typeof moved === 'number'
    ? [serves, sentence('notice.handoffMoved.none', { count: moved })]
    : [serves];
}

function sharesBody({ share }: Params): Sentence[] {
  return typeof share === 'number' ? [sentence('notice.handoffReturned.body', { share })] : [];
}

function heldBody(params: Params, name: Record<string, string>): Sentence[] {
  const { code } = params;
  if (!isErrorCode(code)) return [sentence('handoff.detail.held')];
  const error = { code, params: { ...params, ...name } };
  return [errorSentence(error), errorHint(error)];
}
