package rwkv.app.plugins;

import rwkv.plugin.Probe;

/**
 * A probe out of a plugin.
 *
 * @param probe may be called as any other: what its code does wrong, it says
 * @param origin for a person, as in {@code Echo 1.2 (echo.jar)}
 */
public record PluginProbe(Probe probe, String origin) {}
