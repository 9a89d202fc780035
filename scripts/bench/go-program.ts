import { execFileSync } from 'node:child_process';

export type GoProgram =
  { readonly program: string; readonly why: null } | { readonly program: null; readonly why: string };

/** Builds a Go module of the benchmarks; where that cannot be done it says why. */
export function goProgram(folder: string, to: string): GoProgram {
  try {
    execFileSync('go', ['build', '-trimpath', '-o', to, '.'], {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 300_000,
    });
    return { program: to, why: null };
  } catch (error) {
    return { program: null, why: `go build: ${String(error).slice(0, 200)}` };
  }
}
