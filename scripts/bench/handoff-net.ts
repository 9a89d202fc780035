import {
  CORE_ADDRESS,
  EDGE_ADDRESS,
  GATEWAY_ADDRESS,
  makeNamespace,
  sweepLeftovers,
  type Namespace,
} from '../../test/rig/net/namespaces.ts';

/**
 * Two Macs at a switch of the kernel's own. The rig's wire is a program that every frame passes, which would be
 * measured along at 2,000 requests a second; the faults of a loss need none.
 */
export interface Net {
  readonly core: Namespace;
  readonly edge: Namespace;
  /** Every frame from and to the edge is dropped, its own loopback aside. */
  blackHole(): void;
  /** Link up and nothing dropped; does nothing when it is so. */
  heal(): void;
  remove(): void;
}

const DROP = ['*filter', '-A INPUT -i eth0 -j DROP', '-A OUTPUT -o eth0 -j DROP', 'COMMIT'].join('\\n');

export function openNet(): Net {
  sweepLeftovers();
  const spaces: Namespace[] = [];
  const make = (end: string): Namespace => {
    const space = makeNamespace(end);
    spaces.push(space);
    return space;
  };
  const remove = (): void => spaces.forEach((space) => space.remove());
  try {
    const [router, core, edge] = [make('router'), make('core'), make('edge')];
    // The router is the switch: an engine asks it whether its own network is there.
    router.ip('link', 'add', 'eth0', 'type', 'bridge');
    plug(router, core, 'port-core');
    plug(router, edge, 'port-edge');
    router.connect(GATEWAY_ADDRESS, null);
    core.connect(CORE_ADDRESS, GATEWAY_ADDRESS);
    edge.connect(EDGE_ADDRESS, GATEWAY_ADDRESS);
    let drops = false;
    return {
      core,
      edge,
      blackHole() {
        drops = true;
        // One program that sets both rules at once.
        edge.run('sh', '-c', `printf '${DROP}\\n' | iptables-restore -n -w`);
      },
      heal() {
        edge.heal();
        if (drops) edge.run('iptables', '-w', '-F');
        drops = false;
      },
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A cable from a namespace's eth0 to a port of the switch. */
function plug(router: Namespace, space: Namespace, port: string): void {
  router.ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space.name);
  router.ip('link', 'set', port, 'master', 'eth0');
  router.ip('link', 'set', port, 'up');
}
