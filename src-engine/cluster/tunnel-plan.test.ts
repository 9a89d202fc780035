import { expect, test } from 'vitest';
import { tunnelPlan, type LanAddress } from './tunnel-plan.ts';

const home: LanAddress[] = [
  { address: '192.168.1.10', cidr: '192.168.1.10/24' },
  { address: '172.17.0.1', cidr: '172.17.0.1/16' },
];
const subnetsOf = (role: 'core' | 'edge' | 'single', lan = home) => {
  const { podSubnet, serviceSubnet, nodeSubnet } = tunnelPlan(role, '', lan);
  return [podSubnet, serviceSubnet, nodeSubnet];
};

test('the two Macs of a pair share no network, and none with what tools take by themselves', () => {
  const all = [...subnetsOf('core'), ...subnetsOf('edge')];
  expect(new Set(all).size).toBe(6);
  // kind's pods and services, and minikube's services of twelve bits, which hold 10.96 to 10.111.
  expect(all).not.toEqual(expect.arrayContaining([expect.stringMatching(/^10\.(244|96)\./)]));
  expect(subnetsOf('core')).toEqual(['10.10.0.0/16', '10.110.0.0/16', '172.30.1.0/24']);
  expect(subnetsOf('single')).toEqual(subnetsOf('core'));
});

test.each([
  ['10.10.5.7/24', '10.11.0.0/16'],
  ['10.0.0.3/8', '10.11.0.0/16'],
  ['172.30.1.9/24', '10.11.0.0/16'],
  ['10.12.0.1/16', '10.10.0.0/16'],
])('on a LAN of %s the core’s pods have %s', (cidr, pods) => {
  expect(subnetsOf('core', [{ address: cidr.split('/')[0] ?? '', cidr }])[0]).toBe(pods);
});

test('the certificate of the core’s API names where the other Mac calls it; the edge’s is called by nobody', () => {
  expect(tunnelPlan('core', '', home).lanNames).toEqual(['192.168.1.10']);
  expect(tunnelPlan('core', 'core.local', home).lanNames).toEqual(['core.local']);
  expect(tunnelPlan('edge', '', home).lanNames).toEqual([]);
});
