import { beforeAll, describe } from 'vitest';
import { builtFront } from '../../test/doubles/built-front.ts';
import { frontContract } from '../../test/doubles/front-contract.ts';
import { systemClock, systemScheduler } from '../platform/clock.ts';
import type { Home } from '../platform/home.ts';
import { silentLog } from '../platform/log.ts';
import { systemTools } from '../platform/tools.ts';
import { embeddedFront } from './embedded/embedded-front.ts';
import { findHaproxy } from './haproxy/find-haproxy.ts';
import { haproxyFront } from './haproxy/haproxy-front.ts';

const parts = (home: Home) => ({ home, clock: systemClock, scheduler: systemScheduler, log: silentLog });

describe('the embedded front', () => {
  let program = '';
  beforeAll(async () => void (program = await builtFront()), 60_000);
  frontContract((home) => embeddedFront({ ...parts(home), program }));
});

const haproxy = await findHaproxy(systemTools);
describe.skipIf(!haproxy.ok)('HAProxy', () =>
  frontContract((home) => haproxyFront({ ...parts(home), tools: systemTools, os: process.platform })),
);
