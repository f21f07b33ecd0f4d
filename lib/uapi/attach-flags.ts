/** linux/bpf.h and linux/if_link.h: the flags of attachments. */

/** Of bpf_link_create and bpf_prog_attach, where a place may have several programs. Kernel 6.6 */
export const BPF_F_BEFORE = 1 << 3;
export const BPF_F_AFTER = 1 << 4;
/** The neighbour is a link, not a program. */
export const BPF_F_LINK = 1 << 13;

/** Of a cgroup: whether programs of those below it run instead of this one, or beside it. */
export const BPF_F_ALLOW_OVERRIDE = 1 << 0;
export const BPF_F_ALLOW_MULTI = 1 << 1;
/** Kernel 5.5 */
export const BPF_F_REPLACE = 1 << 2;
/** Before the programs of those below it. Kernel 6.15 */
export const BPF_F_PREORDER = 1 << 6;

/** Of bpf_prog_query: also what those above it have attached. */
export const BPF_F_QUERY_EFFECTIVE = 1 << 0;

/** Fragments are reassembled before the program sees them. Kernel 6.6 */
export const BPF_F_NETFILTER_IP_DEFRAG = 1 << 0;

/** Of XDP over netlink: fails where a program is attached. */
export const XDP_FLAGS_UPDATE_IF_NOEXIST = 1 << 0;
export const XDP_FLAGS_SKB_MODE = 1 << 1;
export const XDP_FLAGS_DRV_MODE = 1 << 2;
export const XDP_FLAGS_HW_MODE = 1 << 3;
