/** How the engine is started as a plain Node process (design decision 1). */
export interface EngineCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

export interface EngineCommandFacts {
  readonly packaged: boolean;
  /** Electron's own binary. */
  readonly execPath: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of a `node` on this machine; null when there is none. */
  readonly node: string | null;
  /** Absolute path of out/engine/main.js. */
  readonly entry: string;
  readonly pid: number;
}

/** In the package Electron runs it as Node; in development a real Node does, if there is one. */
export function engineCommand(facts: EngineCommandFacts): EngineCommand {
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = facts.env;
  const args = [facts.entry, `--parent=${facts.pid}`];
  const node = facts.packaged ? null : env['TANDEM_NODE'] || facts.node;
  if (node !== null) return { command: node, args, env };
  return { command: facts.execPath, args, env: { ...env, ELECTRON_RUN_AS_NODE: '1' } };
}
