import type { Result } from '../../src-shared/errors/result.ts';
import type { StepContext } from './provider.ts';

/** Moves the pods of a cluster away through its API; the caller's port, satisfied by the kube room. */
export interface PodMover {
  /**
   * Closes the nodes and asks their pods to go, as their budgets allow. Errors: `apiUnreachable`, and `podsStay` with the
   * budget that holds them.
   *
   * @param kubeconfig its text
   */
  empty(
    name: string,
    kubeconfig: string,
    limitMs: number,
    context: Pick<StepContext, 'signal' | 'detail'>,
  ): Promise<Result<void>>;
  /** Opens the nodes that it has closed, and no other; false when the API did not let it, or did not answer. */
  open(kubeconfig: string): Promise<boolean>;
}
