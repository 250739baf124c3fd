package rwkv.engine.verify;

/**
 * Two ways of computing the same that must agree.
 *
 * @param name what is compared, as in "prefill in chunks of 5 equals decoding"
 * @param relative the largest difference in units of the largest value; 0 if every bit is the same
 */
public record Identity(String name, double relative) {}
