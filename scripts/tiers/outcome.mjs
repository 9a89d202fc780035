// What a tier came to: counts that add up, and why it did not run.

/** @typedef {{ passed: number, failed: number, skipped: number, why?: string }} Outcome */

export const passed = { passed: 1, failed: 0, skipped: 0 };
export const failed = { passed: 0, failed: 1, skipped: 0 };

/** A tier that this machine cannot run; `why` is one sentence. */
export const skipped = (why) => ({ passed: 0, failed: 0, skipped: 1, why });

export function sum(outcomes) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) for (const key of Object.keys(total)) total[key] += outcome[key];
  return total;
}

/** The closing line that tools read. */
export const closingLine = (total) =>
  `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`;

/**
 * Of the files of a Vitest report. One that cannot be loaded has no tests that fail: it counts as one. So does a run
 * that ends badly without a report.
 * @param {{ results: { status: string, assertionResults: { status: string }[] }[], code: number }} run
 * @returns {Outcome}
 */
export function outcomeOf({ results, code }) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of results) {
    for (const assertion of assertionResults) total[countOf[assertion.status] ?? 'skipped'] += 1;
    if (status === 'failed' && !assertionResults.some((one) => one.status === 'failed')) total.failed += 1;
  }
  if (code !== 0 && total.failed === 0) total.failed = 1;
  return total;
}

const countOf = { passed: 'passed', failed: 'failed' };
