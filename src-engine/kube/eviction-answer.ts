import { z } from 'zod';

/** What the API said to a request to evict a pod. */
export type EvictionAnswer =
  | { readonly type: 'accepted' }
  /** The pod is not there any more, or another one has its name. */
  | { readonly type: 'gone' }
  /** A budget forbids it for now; null: it does not say which one. */
  | { readonly type: 'refused'; readonly budget: string | null }
  /** Nothing about the pod: the API is busy, away, or broken. */
  | { readonly type: 'failed'; readonly why: string };

/** `v1.Status`. */
const statusSchema = z.object({
  message: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).nullish(),
    })
    .nullish(),
});

/** Of a `v1.Status` that a budget caused (kubernetes, pkg/registry/core/pod/storage/eviction.go). */
const BUDGET_CAUSE = 'DisruptionBudget';
const SEVERAL_BUDGETS = 'more than one PodDisruptionBudget';

/**
 * 429 means a budget, or an API that is asked too much: only the cause tells them apart. 500 with several budgets on one
 * pod is a refusal as well; 404 and 409 (of the uid that we name) say that the pod is gone.
 *
 * @param code HTTP status of a refusal
 * @param body as it came: text, or JSON that was read already
 */
export function refusalOf(code: number, body: unknown): EvictionAnswer {
  if (code === 404 || code === 409) return { type: 'gone' };
  const { message = '', details } = statusFrom(body);
  const cause = details?.causes?.find(({ reason }) => reason === BUDGET_CAUSE);
  if (code === 429 && cause !== undefined)
    return { type: 'refused', budget: /budget (\S+)/.exec(cause.message ?? '')?.[1] ?? null };
  if (code === 500 && message.includes(SEVERAL_BUDGETS)) return { type: 'refused', budget: null };
  return { type: 'failed', why: `HTTP ${code}${message === '' ? '' : `: ${message.slice(0, 200)}`}` };
}

function statusFrom(body: unknown): z.infer<typeof statusSchema> {
  try {
    return statusSchema.parse(typeof body === 'string' ? JSON.parse(body) : body);
  } catch {
    return {};
  }
}
