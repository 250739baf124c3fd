/**
 * The commands that need no screen: {@link rwkv.app.cli.RwkvCommand} runs a command line; each
 * command is a class, and what several share (which model, how to sample) a mixin. Streams are
 * handed in.
 */
@NullMarked
package rwkv.app.cli;

import org.jspecify.annotations.NullMarked;
