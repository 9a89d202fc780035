import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSensors, type Sensors } from '../../src-demo/sensors.ts';

/** A machine made of files, for VITALS_ROOT: the sensors of the demo, in a folder of their own. */
export type VitalsRoot = Sensors;

/** Makes a healthy machine on AC: 80 %, half of its memory free, cool, lid open. */
export const makeVitalsRoot = (): VitalsRoot => makeSensors(mkdtempSync(join(tmpdir(), 'tandem-vitals-')));
