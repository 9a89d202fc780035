/** A pod of the cluster's DNS that runs and is not ready. */
export interface WaitingDns {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly node: string;
}

/**
 * What makes a start shorter through the cluster's API. Nothing here decides whether it may be done: each says what it
 * must not be given. The caller's port, satisfied by the kube room.
 */
export interface StartHelp {
  /**
   * Gives up the leases of controller manager and scheduler whose holders ended with their node, as they do themselves
   * when they end in peace.
   *
   * @param file of the kubeconfig
   * @param startedAt of each node's container: a lease that was renewed before then has a dead holder
   * @returns false: the API did not answer, or a lease changed meanwhile; it may be tried again
   */
  releaseDead(file: string, startedAt: ReadonlyMap<string, Date>): Promise<boolean>;
  /** Those of the DNS that run and are not ready, and where the API's Service is; null: the API did not tell. */
  waitingDns(
    file: string,
  ): Promise<{ readonly apiAddress: string; readonly pods: readonly WaitingDns[] } | null>;
  /** Has that very pod replaced by its Deployment; false when the API did not do it. */
  replace(file: string, pod: WaitingDns): Promise<boolean>;
}
