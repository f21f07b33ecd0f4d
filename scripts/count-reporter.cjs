'use strict';
// jest's last word as one plain line: "N passed, N failed, N skipped". With LIBBPF_SUBSKEL_REQUIRE_KERNEL=1 a skipped
// test is a failure: CI has root and BPF, so nothing may be left out there.
module.exports = class CountReporter {
  #error;

  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    if (process.env.LIBBPF_SUBSKEL_REQUIRE_KERNEL === '1' && skipped > 0) {
      this.#error = new Error(`${skipped} tests were skipped, though LIBBPF_SUBSKEL_REQUIRE_KERNEL=1 is set`);
    }
    console.log(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`);
  }

  getLastError() {
    return this.#error;
  }
};
