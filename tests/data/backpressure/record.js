// Prints the recorded steps of a writable stream of objects: node record.js STEPS HIGH_WATER_MARK SEED > FILE.csv
const {Writable} = require('node:stream');
const {setImmediate: settled} = require('node:timers/promises');

const [steps, highWaterMark, seed] = process.argv.slice(2).map(Number);
let state = seed;
const below = n => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 65536) % n;
};

const done = [];
let drains = 0;
const stream = new Writable({objectMode: true, highWaterMark, write(chunk, encoding, callback) { done.push(callback); }});
stream.on('drain', () => { drains += 1; });

async function main() {
  console.log('op,level,is_paused,drains_count');
  let burst = true;
  for (let step = 0; step < steps; ++step) {
    if (below(20) === 0) { burst = !burst; }
    const isWrite = done.length === 0 || below(10) < (burst ? 7 : 1);
    if (isWrite) { stream.write(step); } else { done.shift()(); }
    await settled();
    console.log([isWrite ? 'write' : 'done', stream.writableLength, stream.writableNeedDrain ? 1 : 0, drains].join(','));
  }
}
main();
