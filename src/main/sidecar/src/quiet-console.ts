import { Console } from 'node:console';

// stdout carries the protocol, and libraries log as they please. Imported before any of them.
globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr });
