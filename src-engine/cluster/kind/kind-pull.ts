import { fail, ok } from '../../../src-shared/errors/result.ts';
import type { Step } from '../provider.ts';
import { pullFailure } from './kind-failure.ts';
import type { KindHands } from './kind-hands.ts';

const LIMIT_MS = 20 * 60_000;

/** What a pull has come to, layer by layer. */
export interface PullProgress {
  readonly layers: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
}

export const noPull: PullProgress = { layers: new Set(), done: new Set() };

/**
 * Reads one line of `docker pull` without a terminal: `LAYER: Pulling fs layer`, …, `LAYER: Pull complete` or
 * `LAYER: Already exists`. Other lines change nothing.
 */
export function pulled(progress: PullProgress, line: string): PullProgress {
  const said = /^([0-9a-f]{12}): (.*)$/.exec(line.trim());
  if (said === null) return progress;
  const [, layer = '', what = ''] = said;
  const layers = new Set([...progress.layers, layer]);
  const isDone = what === 'Pull complete' || what === 'Already exists';
  return { layers, done: isDone ? new Set([...progress.done, layer]) : progress.done };
}

/** `3/11`: layers that are here, of those that are known of. Null before the first. */
export const pullText = ({ layers, done }: PullProgress): string | null =>
  layers.size === 0 ? null : `${done.size}/${layers.size}`;

/**
 * Gets the images that are not there yet, by the person's own docker, which knows their registries and their credentials.
 * kind would pull too, but silently, five times, and after 10 s of failures (recordings of kind, note 7).
 */
export function pullImages(hands: KindHands, images: readonly string[]): Step {
  return {
    id: 'pullImage',
    limitMs: LIMIT_MS,
    // An image is nothing of the cluster: what was fetched is kept.
    harmless: true,
    async run({ signal, detail, child }) {
      for (const image of images) {
        if (await hands.docker.hasImage(image)) continue;
        const path = await hands.tools.find('docker');
        if (path === null) return fail('toolMissing', { tool: 'docker' });
        let progress = noPull;
        const { exitCode, failure, stderr, stdout } = await hands.tools.run(path, ['pull', image], {
          timeoutMs: LIMIT_MS,
          signal,
          onSpawn: child,
          onStdoutLine: (line) => {
            progress = pulled(progress, line);
            detail(pullText(progress));
          },
        });
        hands.log.info({ tool: 'docker', image, exitCode, failure, stderr }, 'docker pull ended');
        if (exitCode !== 0) return { ok: false, error: pullFailure(image, stderr || stdout) };
      }
      return ok(undefined);
    },
  };
}
