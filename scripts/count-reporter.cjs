'use strict';
// jest's last word as one plain line: "N passed, N failed, N skipped". With LIBBPF_SUBSKEL_REQUIRE_KERNEL=1 a skipped
// test is a failure: CI has root and BPF, so nothing may be left out there. Only what this very kernel cannot do may be, and
// has the reason in its name, "skipped: REASON"; the reasons are printed.
module.exports = class CountReporter {
  #error;

  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    const names = results.testResults.flatMap(({ testResults }) =>
      testResults
        .filter(({ status }) => status === 'pending' || status === 'todo')
        .map(({ fullName }) => fullName),
    );
    const reasons = names.filter((name) => /\bskipped: \S/.test(name));
    for (const name of reasons) console.log(name);
    const silent = skipped - reasons.length;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    if (process.env.LIBBPF_SUBSKEL_REQUIRE_KERNEL === '1' && silent > 0) {
      this.#error = new Error(`${silent} tests were skipped, though LIBBPF_SUBSKEL_REQUIRE_KERNEL=1 is set`);
    }
    console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  }

  getLastError() {
    return this.#error;
  }
};
