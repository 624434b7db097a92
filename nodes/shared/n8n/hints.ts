import type { NodeExecutionHint } from 'n8n-workflow';

export const info = (message: string): NodeExecutionHint => ({ message, type: 'info', location: 'outputPane' });

export const warning = (message: string): NodeExecutionHint => ({ message, type: 'warning', location: 'outputPane' });
