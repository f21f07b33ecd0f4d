'use strict';
// Which folders of lib/ a folder may import from, types included, bottom first (ARCHITECTURE.md draws it). A file of no folder
// stands under its own name. scripts/eslint-layers.cjs holds lib/ to it, and the table to having no circle.
const TABLE = `
btf:
errors.ts: uapi
util: errors.ts
elf: errors.ts util
btf/records: elf errors.ts util
btf/spell: btf btf/records
btf/layout: btf btf/records btf/spell errors.ts util
btf/codec/text: btf/layout errors.ts util
btf/codec: btf/codec/text btf/layout errors.ts util
btf/print: btf btf/layout btf/records btf/spell errors.ts util
native/surface:
uapi:
native/failure/operations: uapi
native/failure: errors.ts native/failure/operations native/surface uapi util
native/load: errors.ts native/failure native/surface
btf/api: btf btf/codec btf/layout btf/print btf/records btf/spell errors.ts native/load util
cli/command: errors.ts util
package: errors.ts util
compile: package util
descriptor: btf btf/layout errors.ts uapi util
codegen/model: descriptor errors.ts
descriptor/read: btf/layout btf/records btf/spell descriptor elf errors.ts uapi util
codegen/emit: btf/layout btf/records codegen/model descriptor descriptor/read errors.ts uapi util
linker: btf/records elf errors.ts native/load uapi util
codegen: codegen/emit descriptor
cli/module: cli/command codegen codegen/emit descriptor/read elf errors.ts
memory/region: btf/codec btf/codec/text errors.ts util
memory/view: btf/codec btf/codec/text btf/layout errors.ts memory/region util
events/record: btf/codec btf/codec/text btf/layout btf/records errors.ts memory/region memory/view native/surface util
runtime/link: btf/codec btf/layout btf/records errors.ts events/record native/failure native/load native/surface uapi util
events/reader: btf/api btf/layout btf/records errors.ts events/record native/load native/surface uapi util
memory: btf/codec btf/codec/text
runtime/map/elements: btf/codec btf/layout errors.ts native/failure native/surface uapi util
memory/variable: btf/codec btf/codec/text btf/layout errors.ts memory memory/region memory/view util
runtime/map: btf/api btf/layout btf/records errors.ts events/reader events/record memory memory/region memory/variable native/failure native/load native/surface runtime/map/elements uapi util
runtime/probe: btf/api errors.ts native/failure native/load native/surface uapi util
runtime/attach: btf/records errors.ts native/failure native/load native/surface runtime/link runtime/map uapi util
runtime/program: btf/codec btf/layout btf/records errors.ts native/failure native/load native/surface runtime/attach runtime/link runtime/map uapi util
runtime/kernel: errors.ts native/failure native/load native/surface runtime/link runtime/map runtime/probe runtime/program uapi util
cli/build-steps: cli/command cli/module codegen/emit compile descriptor elf errors.ts linker package util
cli/doctor: native/failure native/load runtime/kernel uapi
runtime/section: btf/layout btf/records btf/spell errors.ts memory memory/region memory/variable native/load native/surface runtime/map runtime/map/elements uapi util
runtime/object: btf/api btf/codec btf/layout btf/records errors.ts memory native/failure native/load native/surface runtime/link runtime/map runtime/probe runtime/program runtime/section uapi util
cli/commands: btf/api btf/layout btf/print btf/records cli/build-steps cli/command cli/doctor cli/module codegen/emit compile descriptor descriptor/read elf linker package memory/variable runtime/kernel runtime/link runtime/map runtime/object runtime/program util
cli: cli/command cli/commands util
descriptor/validate: btf btf/layout descriptor errors.ts util
events/writer: btf/codec errors.ts events/reader events/record memory native/failure native/load native/surface uapi util
runtime/loaded: btf/api btf/layout btf/records errors.ts memory memory/region memory/variable native/load native/surface runtime/kernel runtime/map runtime/map/elements runtime/program runtime/section uapi util
runtime/hooks: errors.ts native/failure native/load native/surface runtime/attach runtime/map runtime/program uapi util
subskeleton: btf/api btf/layout btf/records descriptor descriptor/validate errors.ts events/reader memory native/load runtime/link runtime/loaded runtime/map runtime/object runtime/program runtime/section uapi util
tools: errors.ts native/failure util
index.ts: btf/api btf/codec btf/layout btf/print btf/records descriptor descriptor/read descriptor/validate errors.ts events/reader events/record events/writer linker memory memory/variable native/failure native/surface runtime/attach runtime/hooks runtime/kernel runtime/link runtime/loaded runtime/map runtime/map/elements runtime/object runtime/program runtime/section subskeleton uapi util
`;

module.exports = Object.fromEntries(
  TABLE.trim()
    .split('\n')
    .map((line) => {
      const [folder, allowed] = line.split(':');
      return [folder, allowed.split(' ').filter((name) => name !== '')];
    }),
);
