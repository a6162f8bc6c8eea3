import { filesIn, run, type Source } from './source.ts'

const tone = ['-n', '-r', '22050', '-c', '2']
const synthesis = ['synth', '1', 'sine', '440', 'vol', '0.5']
const tags = ['--comment', 'Title=A tone', '--comment', 'Artist=Ann Example', '--comment', 'Comment=made by hand']

/** One second of a tone in each format, with tags where the format has any. */
const outputs: readonly (readonly string[])[] = [
  ['-b', '16', 'wave.wav'],
  ['-b', '24', 'deep.wav'],
  ['-e', 'floating-point', '-b', '32', 'float.wav'],
  [...tags, 'tone.mp3'],
  ['-C', '128.2', 'constant.mp3'],
  [...tags, 'tone.ogg'],
  [...tags, 'tone.flac'],
]

export const sox: Source = {
  title: 'sound of SoX',
  needs: ['/usr/bin/sox', '/usr/share/doc/libsox-fmt-mp3'],
  packages: 'sox libsox-fmt-mp3',
  collect: async (directory) => {
    for (const output of outputs) await run(directory, 'sox', ...tone, ...output, ...synthesis)
    return filesIn(directory, 'wav', 'mp3', 'ogg', 'flac')
  },
}
