import { internalMapIdentifiers, objectName, sectionIdentifiers } from '../../../lib/descriptor/identifiers';
import { ModuleNames, pascalCase, toIdentifier } from '../../../lib/codegen/model/names';
import { code, commentText, docComment, memberKey, quote } from '../../../lib/codegen/emit/text';

test.each([
  ['request_stats.bpf.o', 'request_stats'],
  ['build/lib/request-stats.bpf.o', 'request_stats'],
  ['agent.o', 'agent'],
  ['agent', 'agent'],
  ['a.b.c.bpf.o', 'a_b_c'],
  ['9p.bpf.o', '_9p'],
  ['.bpf.o', '_'],
  ['größe.o', 'gr__e'],
  ['C:\\work\\x.bpf.o', 'x'],
])('the object name of %s is %s', (file, name) => {
  expect(objectName(file)).toBe(name);
});

test.each([
  ['request_stats', 'RequestStats'],
  ['http2_lib', 'Http2Lib'],
  ['agent', 'Agent'],
  ['already_Camel', 'AlreadyCamel'],
  ['_9p', '_9p'],
  ['__x__y', 'XY'],
  ['_', '_'],
])('the exported type of %s is %s', (name, type) => {
  expect(pascalCase(name)).toBe(type);
});

test.each([
  ['request', 'request'],
  ['größe', 'größe'],
  ['a-b c', 'a_b_c'],
  ['', '_'],
  ['1st', '_1st'],
  ['a\u200bb', 'a_b'],
])('%j as an identifier is %j', (text, name) => {
  expect(toIdentifier(text)).toBe(name);
});

test('names that are taken or reserved get another', () => {
  const names = new ModuleNames();
  expect(
    ['class', 'class', 'class_', 'foo', 'foo', 'foo_2', 'string', 'BpfMap', 'Uint8Array'].map((n) =>
      names.take(n),
    ),
  ).toEqual([
    'class_',
    'class__2',
    'class__3',
    'foo',
    'foo_2',
    'foo_2_2',
    'string_',
    'BpfMap_',
    'Uint8Array_',
  ]);
});

test.each([
  [
    ['.data', '.bss', '.rodata', '.kconfig'],
    ['data', 'bss', 'rodata', 'kconfig'],
  ],
  [
    ['.data.a.b', '.data.a_b'],
    ['data_a_b', 'data_a_b_2'],
  ],
  [
    ['.data.a_b', '.data.a.b', '.data.a_b_2'],
    ['data_a_b_3', 'data_a_b', 'data_a_b_2'],
  ],
  [['.addr_space.1'], ['arena']],
  [['.data.größe'], ['data_gr__e']],
])('sections %j are %j', (sections, identifiers) => {
  const found = sectionIdentifiers(sections);
  expect(sections.map((section) => found.get(section))).toEqual(identifiers);
  expect(sectionIdentifiers(sections.toReversed())).toEqual(found);
});

test("the library's own maps keep their names beside the internal ones", () => {
  const found = internalMapIdentifiers(['.bss', '.data'], ['bss', 'bss_2', 'hash']);
  expect([...found]).toEqual([
    ['.data', 'data'],
    ['.bss', 'bss_3'],
  ]);
});

test.each([
  ['plain', '"plain"'],
  ["it's", '"it\'s"'],
  ['say "so"', '\'say "so"\''],
  ['\n\u2028\u202e\u0000', '"\\u000a\\u2028\\u202e\\u0000"'],
  ['\ud800', '"\\ud800"'],
  ['\\', '"\\\\"'],
])('%j as a literal is %s', (text, literal) => {
  expect(quote(text)).toBe(literal);
  expect(JSON.parse(literal.startsWith("'") ? JSON.stringify(text) : literal)).toBe(text);
});

test.each([
  ['size', 'size'],
  ['class', 'class'],
  ['größe', 'größe'],
  ['a b', '"a b"'],
  ['', '""'],
])('%j as a member is %s', (name, key) => {
  expect(memberKey(name)).toBe(key);
});

test('nothing in a comment ends it, begins a line or turns its direction', () => {
  expect(commentText('*/ evil(); /*\n\u202e')).toBe('*\\/ evil(); /*\\u000a\\u202e');
  expect(code('a`b')).toBe("`a'b`");
  expect(docComment(['a */ b'], '  ')).toBe('  /** a *\\/ b */\n');
  expect(docComment(['a', '', 'b'], '')).toBe('/**\n * a\n *\n * b\n */\n');
});
