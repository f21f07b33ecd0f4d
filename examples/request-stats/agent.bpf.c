/* The first final object: an agent that happens to use the library, beside variables and programs of its own. */
#include "request_stats.h"

const volatile char agent_version[] = "agent 1.4";
__u64 agent_heartbeats;
__u64 agent_errors[3];

SEC("raw_tp/sys_exit")
int agent_heartbeat(void *ctx)
{
	__sync_fetch_and_add(&agent_heartbeats, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
