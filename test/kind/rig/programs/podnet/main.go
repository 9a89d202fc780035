// podnet is the clusters' CNI agent, one pod per node. The nodes of a kind cluster
// share one Docker network, so that is all it has to do:
//   - write the node's CNI configuration from the node's podCIDR,
//   - route the other nodes' podCIDRs over those nodes' addresses,
//   - masquerade what leaves the pod subnet.
//
// It repeats that every few seconds: addresses change when nodes restart.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

const (
	account    = "/var/run/secrets/kubernetes.io/serviceaccount"
	configFile = "/etc/cni/net.d/10-podnet.conflist"
	routeMark  = "77" // routing protocol number: tells our routes from all others
	natChain   = "PODNET-MASQ"
)

// The parts of a NodeList that matter here.
type nodeList struct {
	Items []struct {
		Metadata struct{ Name string }
		Spec     struct{ PodCIDR string }
		Status   struct {
			Addresses []struct{ Type, Address string }
		}
	}
}

func main() {
	// as PID 1 it would otherwise ignore SIGTERM and take the whole grace period
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	said := ""
	for {
		result, pause := "configured", 5*time.Second
		if err := reconcile(os.Getenv("NODE_NAME"), os.Getenv("POD_SUBNET")); err != nil {
			result, pause = err.Error(), time.Second
		}
		if result != said {
			log.Print(result)
			said = result
		}
		select {
		case <-stop:
			return
		case <-time.After(pause):
		}
	}
}

func reconcile(self, podSubnet string) error {
	nodes, err := listNodes()
	if err != nil {
		return err
	}
	own, routes := "", map[string]string{} // podCIDR -> address of its node
	for _, node := range nodes.Items {
		if node.Metadata.Name == self {
			own = node.Spec.PodCIDR
			continue
		}
		for _, a := range node.Status.Addresses {
			if a.Type == "InternalIP" && node.Spec.PodCIDR != "" && net.ParseIP(a.Address).To4() != nil {
				routes[node.Spec.PodCIDR] = a.Address
			}
		}
	}
	if own == "" {
		return fmt.Errorf("node %q has no podCIDR yet", self)
	}
	if err := setRoutes(routes); err != nil {
		return err
	}
	if err := masquerade(podSubnet); err != nil {
		return err
	}
	return configure(own)
}

func setRoutes(routes map[string]string) error {
	for cidr, address := range routes {
		if _, err := run("ip", "route", "replace", cidr, "via", address, "proto", routeMark); err != nil {
			return err
		}
	}
	present, err := run("ip", "-4", "route", "show", "proto", routeMark)
	if err != nil {
		return err
	}
	for _, line := range strings.Split(present, "\n") {
		if cidr, _, _ := strings.Cut(line, " "); cidr != "" && routes[cidr] == "" { // its node is gone
			if _, err := run("ip", "route", "del", cidr, "proto", routeMark); err != nil {
				return err
			}
		}
	}
	return nil
}

func masquerade(podSubnet string) error {
	nat := func(args ...string) error {
		_, err := run("iptables", append([]string{"-w", "-t", "nat"}, args...)...)
		return err
	}
	if nat("-C", "POSTROUTING", "-s", podSubnet, "-j", natChain) == nil {
		return nil
	}
	_ = nat("-N", natChain) // may be there already, half filled
	for _, rule := range [][]string{
		{"-F", natChain},
		{"-A", natChain, "-d", podSubnet, "-j", "RETURN"},
		{"-A", natChain, "!", "-d", "224.0.0.0/4", "-j", "MASQUERADE"},
		{"-A", "POSTROUTING", "-s", podSubnet, "-j", natChain},
	} {
		if err := nat(rule...); err != nil {
			return err
		}
	}
	return nil
}

// configure writes the file that makes the node Ready: whole or not at all.
func configure(podCIDR string) error {
	mtu := 1500
	if eth0, err := net.InterfaceByName("eth0"); err == nil {
		mtu = eth0.MTU
	}
	// The address store is on /run: leases of pods from before a restart must not stay.
	text := fmt.Sprintf(`{"cniVersion": "0.4.0", "name": "podnet", "plugins": [
  {"type": "ptp", "ipMasq": false, "mtu": %d, "ipam": {"type": "host-local", "dataDir": "/run/cni-ipam-state",
    "routes": [{"dst": "0.0.0.0/0"}], "ranges": [[{"subnet": %q}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}
]}
`, mtu, podCIDR)
	if old, err := os.ReadFile(configFile); err == nil && string(old) == text {
		return nil
	}
	if err := os.WriteFile(configFile+".new", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(configFile+".new", configFile)
}

func run(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

var client *http.Client

func listNodes() (*nodeList, error) {
	if client == nil {
		authority, err := os.ReadFile(account + "/ca.crt")
		if err != nil {
			return nil, err
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(authority)
		client = &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	}
	token, err := os.ReadFile(account + "/token") // read each time: it is renewed
	if err != nil {
		return nil, err
	}
	// kind sets the endpoint: the Service address would need kube-proxy to be up first
	request, err := http.NewRequest("GET", "https://"+os.Getenv("CONTROL_PLANE_ENDPOINT")+"/api/v1/nodes?resourceVersion=0", nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+string(token))
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("list nodes: %s", answer.Status)
	}
	nodes := new(nodeList)
	return nodes, json.NewDecoder(answer.Body).Decode(nodes)
}
