import type { Command } from 'commander'

/** The parts of docs/CLI.md, in the order in which a newcomer meets them. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'Start here:': ['quickstart', 'init', 'plan'],
  'Measuring:': ['run', 'resume', 'verify', 'submit', 'measure', 'data'],
  'Looking and steering:': ['list', 'show', 'watch', 'pause', 'cancel', 'agents', 'top'],
  'Deciding:': ['recommend', 'compare', 'report'],
  'Other tools’ files:': ['import', 'export', 'evaluate'],
  'Many nodes:': ['coordinator', 'agent', 'launch', 'certs', 'tokens'],
  'Looking after it:': ['doctor', 'backup', 'prune', 'completion', 'version', 'help'],
}

/** Lists the commands of a program by what they are for. */
export function groupCommands(program: Command): void {
  for (const [heading, names] of Object.entries(groups)) {
    for (const name of names) {
      program.commands.find((command) => command.name() === name)?.helpGroup(heading)
    }
  }
  program.addHelpCommand(
    program
      .createCommand('help')
      .argument('[command]')
      .description('display help for a command')
      .helpGroup('Looking after it:'),
  )
}
