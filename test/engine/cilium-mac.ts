import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { furnishCilium } from '../doubles/cilium-objects.ts';
import { openSubmarinerMac, type MacPlan, type SubmarinerMac } from './submariner-mac.ts';

/** What goes wrong with the tool; test/doubles/cilium.mjs reads it at each call. */
export interface CiliumScene {
  readonly version?: string;
  /** `connect`, `remote` (when half is done), `disconnect`, `status`. */
  readonly hangIn?: string;
  readonly failIn?: string;
  readonly failure?: string;
  readonly lacks?: readonly string[];
  readonly disconnect?: 'nothing';
  /** The agents of both clusters do not meet. */
  readonly apart?: boolean;
  readonly delayMs?: number;
}

export interface CiliumMac extends Omit<SubmarinerMac, 'scene'> {
  scene(scene: CiliumScene): void;
}

/** A home whose cluster is an API with Cilium's objects in it, and whose one tool is an executable that replays. */
export async function openCiliumMac(plan: MacPlan): Promise<CiliumMac> {
  const mac = await openSubmarinerMac(plan);
  const { tools, rig, kube } = mac;
  rmSync(join(tools, 'subctl'));
  copyFileSync(fileURLToPath(new URL('../doubles/cilium.mjs', import.meta.url)), join(tools, 'cilium'));
  chmodSync(join(tools, 'cilium'), 0o755);
  const scene = join(tools, 'cilium-scene.json');
  Object.assign(rig.env, { CILIUM_SCENE: scene, CILIUM_CALLS: join(tools, 'calls') });
  const id = plan.side === 'core' ? 1 : 2;
  furnishCilium(kube, { name: `tandem-${plan.side}`, id, pods: `10.${id}0.0.0/16` });
  return { ...mac, scene: (now) => writeFileSync(scene, JSON.stringify(now)) };
}
