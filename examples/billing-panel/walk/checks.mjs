// Counts what held and what did not.

export const counts = { passed: 0, failed: 0 };

export function check(name, holds, detail = '') {
  if (holds) {
    counts.passed += 1;
  } else {
    counts.failed += 1;
    console.log(`FAILED: ${name}${detail === '' ? '' : `: ${detail}`}`);
  }
}

export function finish() {
  console.log(`test result: ${counts.failed === 0 ? 'ok' : 'FAILED'}. ${counts.passed} passed; ${counts.failed} failed; 0 ignored`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}
