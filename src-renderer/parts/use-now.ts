import { useEffect, useState } from 'react';

const PERIOD_MS = 5000;

/** The present time, for ages: they grow even when no new World comes, which is when they matter. */
export function useNow(periodMs = PERIOD_MS): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const tick = (): void => setNowMs(Date.now());
    const timer = setInterval(tick, periodMs);
    // A hidden page's timers sleep: what is shown again starts with the present.
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [periodMs]);
  return nowMs;
}
