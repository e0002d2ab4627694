// Prints the recorded steps of an EventEmitter: node record.js STEPS LISTENERS_MAX SEED > FILE.csv
const {EventEmitter} = require('node:events');

const [steps, listenersMax, seed] = process.argv.slice(2).map(Number);
let state = seed;
const below = n => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor(state / 65536) % n;
};

let calls = [];
let depth = 0;
let warnings = 0;
process.emitWarning = () => { warnings += 1; };
const bus = new EventEmitter();
bus.setMaxListeners(listenersMax);

// What a listener does when it is called depends on its number alone.
const listeners = Array.from({length: 16}, (_, number) => event => {
  calls.push(number);
  if (number === 11) { bus.off(event, listeners[2]); }
  if (number === 12) { bus.off(event, listeners[12]); }
  if (number === 13) { bus.once(event, listeners[1]); }
  if (number === 14 && depth < 2) { depth += 1; bus.emit(event, event); depth -= 1; }
  if (number === 15) { bus.removeAllListeners(event); }
});

console.log('op,event,listener,calls,listeners_count,warnings_count');
for (let step = 0; step < steps; ++step) {
  const op = ['on', 'on', 'on', 'once', 'once', 'off', 'off', 'emit', 'emit', 'off_all'][below(10)];
  const skipped = op === 'off_all' && below(8) > 0;
  const event = 'event' + below(3);
  const number = below(16);
  if (skipped) { continue; }
  calls = [];
  if (op === 'on') { bus.on(event, listeners[number]); }
  if (op === 'once') { bus.once(event, listeners[number]); }
  if (op === 'off') { bus.off(event, listeners[number]); }
  if (op === 'emit') { bus.emit(event, event); }
  if (op === 'off_all') { bus.removeAllListeners(event); }
  console.log([op, event, number, calls.join(' '), bus.listenerCount(event), warnings].join(','));
}
