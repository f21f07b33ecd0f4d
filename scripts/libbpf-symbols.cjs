'use strict';
// Every public function of libbpf (its libbpf.map), and what stands for it here. docs/libbpf-coverage.md is made of this:
//   npm run coverage:libbpf
// `as` names our API: a function, `Class.member`, or `kernel.member`; test/unit/docs/libbpf-coverage.test.ts looks each up.
// `in` is where it is at work without being public; `not` is why nothing stands for it. `but` says what is missing.

/** The newest libbpf whose symbols are all here. */
const VERSION = '1.7.0';

const BTF_WRITING = 'BTF is written for `BpfMap.create()` only; there is no public writer';
const EXT =
  '.BTF.ext of an object that is not loaded is not read; of loaded programs `BpfProgram.code()` has the lines';
const LIGHT = 'light skeletons: objects are loaded by libbpf itself';
const GC = 'memory is released by the garbage collector';

const groups = [
  {
    title: 'Objects',
    rows: [
      { symbols: 'bpf_object__open bpf_object__open_file bpf_object__open_mem', as: 'BpfObject.open' },
      { symbols: 'bpf_object__prepare', as: 'BpfObject.prepare' },
      { symbols: 'bpf_object__load', as: 'BpfObject.load' },
      { symbols: 'bpf_object__close', as: 'BpfObject.close' },
      { symbols: 'bpf_object__name', as: 'BpfObject.name' },
      { symbols: 'bpf_object__btf', as: 'BpfObject.btf' },
      {
        symbols: 'bpf_object__btf_fd',
        not: '`Btf.fromId(id)` opens what the kernel has; `BpfProgram.info()` has the id',
      },
      { symbols: 'bpf_object__find_map_by_name bpf_object__find_map_fd_by_name', as: 'BpfObject.map' },
      { symbols: 'bpf_object__find_program_by_name', as: 'BpfObject.program' },
      { symbols: 'bpf_object__next_map bpf_object__prev_map', as: 'BpfObject.maps' },
      { symbols: 'bpf_object__next_program bpf_object__prev_program', as: 'BpfObject.programs' },
      {
        symbols: 'bpf_object__pin bpf_object__pin_maps bpf_object__pin_programs',
        as: 'BpfMap.pin BpfProgram.pin BpfLink.pin',
        but: 'one by one, not into a folder',
      },
      {
        symbols: 'bpf_object__unpin bpf_object__unpin_maps bpf_object__unpin_programs',
        as: 'BpfMap.unpin BpfProgram.unpin BpfLink.unpin',
        but: 'one by one',
      },
      {
        symbols: 'bpf_object__token_fd',
        not: '`bpfTokenPath` of `BpfObject.open()` uses a token; it cannot be taken out',
      },
      {
        symbols: 'bpf_object__kversion bpf_object__set_kversion',
        not: 'kernels before 5.0 look at it; 5.8 is the oldest here',
      },
    ],
  },
  {
    title: 'Skeletons and subskeletons',
    rows: [
      { symbols: 'bpf_object__open_subskeleton', as: 'openSubskeleton defineSubskeleton' },
      { symbols: 'bpf_object__destroy_subskeleton', not: GC },
      {
        symbols:
          'bpf_object__open_skeleton bpf_object__attach_skeleton bpf_object__detach_skeleton bpf_object__destroy_skeleton',
        as: 'defineSkeleton',
      },
      {
        symbols: 'bpf_object__load_skeleton',
        in: 'tells where the variables of an arena are',
        as: 'defineSkeleton',
      },
      { symbols: 'bpf_object__gen_loader', not: LIGHT },
    ],
  },
  {
    title: 'Programs',
    rows: [
      { symbols: 'bpf_program__name', as: 'BpfProgram.name' },
      { symbols: 'bpf_program__section_name', as: 'BpfProgram.section' },
      { symbols: 'bpf_program__fd', as: 'BpfProgram.fd' },
      { symbols: 'bpf_program__type bpf_program__get_type bpf_program__set_type', as: 'BpfProgram.type' },
      {
        symbols:
          'bpf_program__expected_attach_type bpf_program__get_expected_attach_type bpf_program__set_expected_attach_type',
        as: 'BpfProgram.expectedAttachType',
      },
      { symbols: 'bpf_program__flags bpf_program__set_flags', as: 'BpfProgram.flags' },
      { symbols: 'bpf_program__autoload bpf_program__set_autoload', as: 'BpfProgram.autoload' },
      { symbols: 'bpf_program__autoattach bpf_program__set_autoattach', as: 'BpfProgram.autoattach' },
      { symbols: 'bpf_program__set_attach_target', as: 'BpfProgram.setAttachTarget' },
      { symbols: 'bpf_program__set_ifindex', as: 'BpfProgram.setInterface' },
      { symbols: 'bpf_program__log_level bpf_program__set_log_level', as: 'BpfProgram.kernelLogLevel' },
      { symbols: 'bpf_program__set_log_buf', as: 'BpfProgram.setLogBuffer' },
      { symbols: 'bpf_program__log_buf', as: 'BpfProgram.log' },
      { symbols: 'bpf_program__insns', as: 'BpfProgram.instructions' },
      { symbols: 'bpf_program__insn_cnt', as: 'BpfProgram.instructionCount' },
      { symbols: 'bpf_program__set_insns', not: 'a program is loaded as it was compiled and linked' },
      { symbols: 'bpf_program__func_info bpf_program__func_info_cnt', not: EXT },
      {
        symbols: 'bpf_program__line_info bpf_program__line_info_cnt',
        as: 'BpfProgram.code ProgramCode.lines',
        but: 'once loaded',
      },
      { symbols: 'bpf_program__unload', as: 'BpfObject.close', but: 'all programs of an object at once' },
      { symbols: 'bpf_program__assoc_struct_ops', not: 'Linux 7.0; not wrapped yet' },
      { symbols: 'bpf_program__pin', as: 'BpfProgram.pin' },
      { symbols: 'bpf_program__unpin', as: 'BpfProgram.unpin' },
      { symbols: 'bpf_program__attach', as: 'BpfProgram.attach' },
      {
        symbols: 'bpf_program__attach_kprobe bpf_program__attach_kprobe_opts',
        as: 'BpfProgram.attachKprobe',
      },
      { symbols: 'bpf_program__attach_kprobe_multi_opts', as: 'BpfProgram.attachKprobeMulti' },
      { symbols: 'bpf_program__attach_ksyscall', as: 'BpfProgram.attachKsyscall' },
      {
        symbols: 'bpf_program__attach_uprobe bpf_program__attach_uprobe_opts',
        as: 'BpfProgram.attachUprobe',
      },
      { symbols: 'bpf_program__attach_uprobe_multi', as: 'BpfProgram.attachUprobeMulti' },
      { symbols: 'bpf_program__attach_usdt', as: 'BpfProgram.attachUsdt' },
      {
        symbols: 'bpf_program__attach_tracepoint bpf_program__attach_tracepoint_opts',
        as: 'BpfProgram.attachTracepoint',
      },
      {
        symbols: 'bpf_program__attach_raw_tracepoint bpf_program__attach_raw_tracepoint_opts',
        as: 'BpfProgram.attachRawTracepoint',
      },
      {
        symbols: 'bpf_program__attach_perf_event bpf_program__attach_perf_event_opts',
        as: 'BpfProgram.attachPerfEvent',
        but: 'without `force_ioctl_attach`',
      },
      { symbols: 'bpf_program__attach_trace bpf_program__attach_trace_opts', as: 'BpfProgram.attachTrace' },
      { symbols: 'bpf_program__attach_lsm', as: 'BpfProgram.attachLsm' },
      { symbols: 'bpf_program__attach_freplace', as: 'BpfProgram.attachFreplace' },
      {
        symbols: 'bpf_program__attach_cgroup bpf_program__attach_cgroup_opts',
        as: 'BpfProgram.attachCgroup',
      },
      { symbols: 'bpf_program__attach_netns', as: 'BpfProgram.attachNetns' },
      { symbols: 'bpf_program__attach_xdp', as: 'BpfProgram.attachXdp' },
      { symbols: 'bpf_program__attach_tcx', as: 'BpfProgram.attachTcx' },
      { symbols: 'bpf_program__attach_netkit', as: 'BpfProgram.attachNetkit' },
      { symbols: 'bpf_program__attach_netfilter', as: 'BpfProgram.attachNetfilter' },
      { symbols: 'bpf_program__attach_sockmap', as: 'BpfProgram.attachSockmap' },
      { symbols: 'bpf_program__attach_iter', as: 'BpfProgram.attachIter' },
    ],
  },
  {
    title: 'Maps',
    rows: [
      { symbols: 'bpf_map__name', as: 'BpfMap.name' },
      { symbols: 'bpf_map__fd', as: 'BpfMap.fd' },
      { symbols: 'bpf_map__type bpf_map__set_type', as: 'BpfMap.type' },
      { symbols: 'bpf_map__key_size bpf_map__set_key_size', as: 'BpfMap.keySize' },
      { symbols: 'bpf_map__value_size bpf_map__set_value_size', as: 'BpfMap.valueSize Section.resize' },
      { symbols: 'bpf_map__max_entries bpf_map__set_max_entries', as: 'BpfMap.maxEntries' },
      { symbols: 'bpf_map__map_flags bpf_map__set_map_flags', as: 'BpfMap.flags' },
      { symbols: 'bpf_map__map_extra bpf_map__set_map_extra', as: 'BpfMap.extra' },
      { symbols: 'bpf_map__numa_node bpf_map__set_numa_node', as: 'BpfMap.numaNode' },
      { symbols: 'bpf_map__autocreate bpf_map__set_autocreate', as: 'BpfMap.autocreate' },
      { symbols: 'bpf_map__autoattach bpf_map__set_autoattach', as: 'BpfMap.autoattach' },
      { symbols: 'bpf_map__btf_key_type_id', as: 'BpfMap.keyType' },
      { symbols: 'bpf_map__btf_value_type_id', as: 'BpfMap.valueType' },
      {
        symbols: 'bpf_map__initial_value bpf_map__set_initial_value',
        as: 'Section.variables StructOps.get StructOps.set',
      },
      { symbols: 'bpf_map__is_internal', as: 'BpfObject.sections' },
      {
        symbols: 'bpf_map__is_pinned',
        as: 'BpfMap.pinPath',
        but: 'says where it is to be pinned, not whether it is',
      },
      { symbols: 'bpf_map__pin', as: 'BpfMap.pin' },
      { symbols: 'bpf_map__unpin', as: 'BpfMap.unpin' },
      { symbols: 'bpf_map__set_pin_path bpf_map__get_pin_path bpf_map__pin_path', as: 'BpfMap.pinPath' },
      { symbols: 'bpf_map__reuse_fd', as: 'BpfMap.reuse' },
      { symbols: 'bpf_map__set_inner_map_fd', as: 'BpfMap.setInnerMap' },
      {
        symbols: 'bpf_map__inner_map',
        as: 'describe',
        but: 'the descriptor has the template; it cannot be changed',
      },
      { symbols: 'bpf_map__ifindex bpf_map__set_ifindex', not: 'maps are not offloaded to network cards' },
      { symbols: 'bpf_map__lookup_elem', as: 'BpfMap.get' },
      { symbols: 'bpf_map__update_elem', as: 'BpfMap.set' },
      { symbols: 'bpf_map__delete_elem', as: 'BpfMap.delete' },
      { symbols: 'bpf_map__lookup_and_delete_elem', as: 'BpfMap.take' },
      { symbols: 'bpf_map__get_next_key', as: 'BpfMap.keys BpfMap.entries' },
      { symbols: 'bpf_map__attach_struct_ops', as: 'StructOps.attach BpfObject.attachStructOps' },
      {
        symbols: 'bpf_map__set_exclusive_program bpf_map__exclusive_program',
        not: 'Linux 6.18; not wrapped yet',
      },
    ],
  },
  {
    title: 'Links',
    rows: [
      { symbols: 'bpf_link__fd', as: 'BpfLink.fd' },
      { symbols: 'bpf_link__destroy', as: 'BpfLink.close' },
      { symbols: 'bpf_link__detach', as: 'BpfLink.detach' },
      { symbols: 'bpf_link__pin', as: 'BpfLink.pin' },
      { symbols: 'bpf_link__unpin', as: 'BpfLink.unpin' },
      { symbols: 'bpf_link__pin_path', as: 'BpfLink.pinPath' },
      { symbols: 'bpf_link__open', as: 'BpfLink.openPinned' },
      { symbols: 'bpf_link__update_program', as: 'BpfLink.update' },
      { symbols: 'bpf_link__update_map', as: 'StructOps.update' },
      {
        symbols: 'bpf_link__disconnect',
        not: 'attachments that outlive their descriptor are `XdpAttachment`, `TcHook` and `ProgramAttachment`',
      },
    ],
  },
  {
    title: 'BTF',
    rows: [
      { symbols: 'btf__new btf__new_split', as: 'Btf.fromBytes' },
      {
        symbols:
          'btf__parse btf__parse_split btf__parse_elf btf__parse_elf_split btf__parse_raw btf__parse_raw_split',
        as: 'Btf.fromFile',
      },
      { symbols: 'btf__load_vmlinux_btf libbpf_find_kernel_btf', as: 'Btf.vmlinux' },
      { symbols: 'btf__load_module_btf', as: 'Btf.module' },
      {
        symbols: 'btf__load_from_kernel_by_id btf__load_from_kernel_by_id_split',
        as: 'Btf.fromId',
      },
      { symbols: 'btf__free', not: GC },
      { symbols: 'btf__base_btf', as: 'Btf.base' },
      { symbols: 'btf__type_cnt', as: 'Btf.length' },
      { symbols: 'btf__type_by_id', as: 'Btf.type' },
      { symbols: 'btf__find_by_name btf__find_by_name_kind libbpf_find_vmlinux_btf_id', as: 'Btf.find' },
      { symbols: 'btf__endianness', as: 'Btf.littleEndian' },
      { symbols: 'btf__name_by_offset btf__str_by_offset btf__find_str', not: 'types come with their names' },
      { symbols: 'btf__resolve_size', as: 'BtfType.size' },
      { symbols: 'btf__resolve_type', as: 'BtfType.resolve' },
      {
        symbols: 'btf__align_of',
        not: '`BtfType.layout` has sizes and places; the alignment of a type is not told',
      },
      { symbols: 'btf__pointer_size', not: 'pointers in the BTF of BPF have 64 bits' },
      {
        symbols: 'btf__raw_data btf__get_raw_data',
        not: 'BTF is made from bytes, and does not give them back',
      },
      { symbols: 'btf__fd', in: 'for maps that are made with types', as: 'BpfMap.create' },
      {
        symbols:
          'btf_ext__new btf_ext__free btf_ext__raw_data btf_ext__get_raw_data btf_ext__endianness btf_ext__set_endianness',
        not: EXT,
      },
      {
        symbols: 'btf__distill_base btf__relocate',
        not: 'a module with a distilled base (`.BTF.base`) is read by `Btf.fromFile()`; none is made or relocated',
      },
      {
        symbols: 'btf__new_empty btf__new_empty_split btf__load_into_kernel',
        in: 'for maps that are made with types',
        as: 'BpfMap.create',
      },
      {
        symbols:
          'btf__add_str btf__add_type btf__add_btf btf__add_int btf__add_float btf__add_ptr btf__add_array btf__add_struct btf__add_union btf__add_field btf__add_enum btf__add_enum_value btf__add_enum64 btf__add_enum64_value btf__add_fwd btf__add_typedef btf__add_volatile btf__add_const btf__add_restrict btf__add_type_tag btf__add_type_attr btf__add_func btf__add_func_proto btf__add_func_param btf__add_var btf__add_datasec btf__add_datasec_var_info btf__add_decl_tag btf__add_decl_attr',
        not: BTF_WRITING,
      },
      { symbols: 'btf__dedup btf__permute', not: BTF_WRITING },
      { symbols: 'btf__set_endianness btf__set_fd btf__set_pointer_size', not: BTF_WRITING },
      {
        symbols: 'btf_dump__new btf_dump__free btf_dump__dump_type',
        as: 'Btf.definition BtfType.definition',
      },
      { symbols: 'btf_dump__emit_type_decl', as: 'BtfType.declaration' },
      { symbols: 'btf_dump__dump_type_data', as: 'Btf.format BtfType.format' },
    ],
  },
  {
    title: 'Ring buffers, perf buffers, user ring buffers',
    rows: [
      { symbols: 'ring_buffer__new ring_buffer__add', as: 'RingBuffer.add BpfMap.records' },
      { symbols: 'ring_buffer__free', as: 'RingBuffer.close' },
      { symbols: 'ring_buffer__consume ring_buffer__consume_n', as: 'RingBuffer.consume' },
      { symbols: 'ring_buffer__poll', as: 'RingBuffer.on RingBuffer.records', but: 'the event loop waits' },
      { symbols: 'ring_buffer__epoll_fd', in: 'watched by the event loop', as: 'RingBuffer.on' },
      {
        symbols: 'ring_buffer__ring ring__avail_data_size ring__consumer_pos ring__producer_pos ring__size',
        as: 'RingBuffer.state',
      },
      {
        symbols: 'ring__consume ring__consume_n',
        as: 'RingBuffer.consume',
        but: 'of a reader with that ring alone',
      },
      { symbols: 'ring__map_fd', as: 'BpfMap.fd' },
      {
        symbols: 'perf_buffer__new perf_buffer__new_raw',
        as: 'PerfBuffer',
        but: 'without a choice of CPUs, and without overwritable buffers',
      },
      { symbols: 'perf_buffer__free', as: 'PerfBuffer.close' },
      { symbols: 'perf_buffer__poll', as: 'PerfBuffer.on PerfBuffer.records', but: 'the event loop waits' },
      { symbols: 'perf_buffer__consume perf_buffer__consume_buffer', as: 'PerfBuffer.consume' },
      { symbols: 'perf_buffer__epoll_fd', in: 'watched by the event loop', as: 'PerfBuffer.on' },
      {
        symbols: 'perf_buffer__buffer perf_buffer__buffer_cnt perf_buffer__buffer_fd',
        not: 'one buffer for each CPU that is online; their pages and descriptors stay inside',
      },
      { symbols: 'user_ring_buffer__new', as: 'UserRingBuffer' },
      { symbols: 'user_ring_buffer__free', as: 'UserRingBuffer.close' },
      { symbols: 'user_ring_buffer__reserve', as: 'UserRingBuffer.reserve' },
      { symbols: 'user_ring_buffer__reserve_blocking', as: 'UserRingBuffer.reserveBlocking' },
      { symbols: 'user_ring_buffer__submit', as: 'UserSample.submit UserRingBuffer.submit' },
      { symbols: 'user_ring_buffer__discard', as: 'UserSample.discard' },
    ],
  },
  {
    title: 'Linking',
    rows: [
      {
        symbols: 'bpf_linker__new bpf_linker__add_file bpf_linker__finalize bpf_linker__free',
        as: 'linkObjects',
      },
      {
        symbols: 'bpf_linker__new_fd bpf_linker__add_fd bpf_linker__add_buf',
        not: 'objects are linked from files into a file, in a process of its own',
      },
    ],
  },
  {
    title: 'What the kernel can',
    rows: [
      { symbols: 'libbpf_probe_bpf_prog_type', as: 'kernel.hasProgramType kernel.features' },
      { symbols: 'libbpf_probe_bpf_map_type', as: 'kernel.hasMapType kernel.features' },
      { symbols: 'libbpf_probe_bpf_helper', as: 'kernel.hasHelper' },
      { symbols: 'libbpf_num_possible_cpus', as: 'kernel.possibleCpus' },
      { symbols: 'bpf_enable_stats', as: 'enableStats' },
      { symbols: 'bpf_task_fd_query', as: 'queryTaskFd' },
      {
        symbols: 'bpf_token_create',
        not: '`bpfTokenPath` of `BpfObject.open()` makes one; it cannot be had by itself',
      },
    ],
  },
  {
    title: 'XDP and TC without links',
    rows: [
      { symbols: 'bpf_xdp_attach', as: 'XdpAttachment.attach' },
      { symbols: 'bpf_xdp_detach', as: 'XdpAttachment.close' },
      {
        symbols: 'bpf_xdp_query bpf_xdp_query_id',
        as: 'XdpAttachment.query',
        but: 'without the features of the device',
      },
      { symbols: 'bpf_tc_hook_create', as: 'TcHook.create', but: 'of clsact' },
      { symbols: 'bpf_tc_hook_destroy', as: 'TcHook.close' },
      { symbols: 'bpf_tc_attach', as: 'TcHook.attach' },
      { symbols: 'bpf_tc_detach', as: 'TcFilter.close' },
      { symbols: 'bpf_tc_query', as: 'TcHook.query' },
    ],
  },
  {
    title: 'System calls: maps',
    rows: [
      { symbols: 'bpf_map_create', as: 'BpfMap.create' },
      { symbols: 'bpf_map_lookup_elem bpf_map_lookup_elem_flags', as: 'BpfMap.get BpfMap.has BpfMap.peek' },
      { symbols: 'bpf_map_update_elem', as: 'BpfMap.set BpfMap.push' },
      { symbols: 'bpf_map_delete_elem bpf_map_delete_elem_flags', as: 'BpfMap.delete', but: 'without flags' },
      {
        symbols: 'bpf_map_lookup_and_delete_elem bpf_map_lookup_and_delete_elem_flags',
        as: 'BpfMap.take BpfMap.pop',
      },
      { symbols: 'bpf_map_get_next_key', as: 'BpfMap.keys' },
      { symbols: 'bpf_map_lookup_batch', as: 'BpfMap.batches BpfMap.rawBatches BpfMap.entries' },
      { symbols: 'bpf_map_lookup_and_delete_batch', as: 'BpfMap.drain' },
      { symbols: 'bpf_map_update_batch', as: 'BpfMap.setMany' },
      { symbols: 'bpf_map_delete_batch', as: 'BpfMap.deleteMany' },
      { symbols: 'bpf_map_freeze', as: 'BpfMap.freeze' },
      { symbols: 'bpf_map_get_fd_by_id bpf_map_get_fd_by_id_opts', as: 'BpfMap.fromId' },
      { symbols: 'bpf_map_get_next_id', as: 'kernel.maps' },
      { symbols: 'bpf_map_get_info_by_fd', as: 'BpfMap.info' },
    ],
  },
  {
    title: 'System calls: programs, links, BTF, pins',
    rows: [
      {
        symbols: 'bpf_prog_load',
        in: 'when an object is loaded',
        as: 'BpfObject.load',
        but: 'no program out of instructions',
      },
      { symbols: 'bpf_prog_attach bpf_prog_attach_opts', as: 'ProgramAttachment.attach' },
      { symbols: 'bpf_prog_detach bpf_prog_detach2 bpf_prog_detach_opts', as: 'ProgramAttachment.close' },
      { symbols: 'bpf_prog_query bpf_prog_query_opts', as: 'queryAttached' },
      { symbols: 'bpf_prog_test_run_opts', as: 'BpfProgram.testRun' },
      { symbols: 'bpf_prog_get_fd_by_id bpf_prog_get_fd_by_id_opts', as: 'BpfProgram.fromId' },
      { symbols: 'bpf_prog_get_next_id', as: 'kernel.programs' },
      { symbols: 'bpf_prog_get_info_by_fd', as: 'BpfProgram.info BpfProgram.code' },
      {
        symbols: 'bpf_prog_bind_map',
        not: 'a map lives as long as its object, its pin, or a program that uses it',
      },
      { symbols: 'bpf_prog_assoc_struct_ops', not: 'Linux 7.0; not wrapped yet' },
      { symbols: 'bpf_prog_stream_read', as: 'programStream readProgramStream' },
      {
        symbols:
          'bpf_prog_linfo__new bpf_prog_linfo__free bpf_prog_linfo__lfind bpf_prog_linfo__lfind_addr_func',
        as: 'ProgramCode.lineAt',
      },
      {
        symbols: 'bpf_raw_tracepoint_open bpf_raw_tracepoint_open_opts',
        as: 'BpfProgram.attachRawTracepoint',
      },
      { symbols: 'bpf_link_create', in: 'when a program is attached', as: 'BpfProgram.attach' },
      { symbols: 'bpf_link_update', as: 'BpfLink.update' },
      { symbols: 'bpf_link_detach', as: 'BpfLink.detach' },
      { symbols: 'bpf_link_get_fd_by_id bpf_link_get_fd_by_id_opts', as: 'BpfLink.fromId' },
      { symbols: 'bpf_link_get_next_id', as: 'kernel.links' },
      { symbols: 'bpf_link_get_info_by_fd', as: 'BpfLink.info' },
      { symbols: 'bpf_iter_create', as: 'BpfLink.iterate' },
      { symbols: 'bpf_btf_load', in: 'for maps that are made with types', as: 'BpfMap.create' },
      { symbols: 'bpf_btf_get_fd_by_id bpf_btf_get_fd_by_id_opts bpf_btf_get_info_by_fd', as: 'Btf.fromId' },
      { symbols: 'bpf_btf_get_next_id', as: 'kernel.btfs' },
      {
        symbols: 'bpf_obj_get bpf_obj_get_opts',
        as: 'BpfMap.openPinned BpfProgram.openPinned BpfLink.openPinned',
        but: 'by a path, not relative to a descriptor',
      },
      { symbols: 'bpf_obj_pin bpf_obj_pin_opts', as: 'BpfMap.pin BpfProgram.pin BpfLink.pin' },
      { symbols: 'bpf_obj_get_info_by_fd', as: 'BpfMap.info BpfProgram.info BpfLink.info' },
    ],
  },
  {
    title: 'Names, messages, version',
    rows: [
      { symbols: 'libbpf_bpf_attach_type_str', as: 'BpfProgram.expectedAttachType' },
      { symbols: 'libbpf_bpf_link_type_str', as: 'BpfLink.info' },
      { symbols: 'libbpf_bpf_map_type_str', as: 'BpfMap.type' },
      { symbols: 'libbpf_bpf_prog_type_str', as: 'BpfProgram.type' },
      {
        symbols: 'libbpf_attach_type_by_name libbpf_prog_type_by_name',
        not: '`libbpf-subskel inspect` shows the types that sections of an object stand for',
      },
      { symbols: 'libbpf_set_print', as: 'BpfError.log', but: 'of calls that fail' },
      { symbols: 'libbpf_strerror libbpf_get_error', as: 'BpfError.code' },
      {
        symbols: 'libbpf_major_version libbpf_minor_version libbpf_version_string',
        not: '`libbpf-subskel doctor` shows the version',
      },
      {
        symbols: 'libbpf_set_memlock_rlim',
        not: 'libbpf raises the limit where a kernel needs it (before 5.11)',
      },
      { symbols: 'libbpf_set_strict_mode', not: 'does nothing since libbpf 1.0' },
      {
        symbols: 'libbpf_register_prog_handler libbpf_unregister_prog_handler',
        not: 'sections with names of their own are attached with the `attach…()` of their kind',
      },
    ],
  },
];

module.exports = { VERSION, groups };
