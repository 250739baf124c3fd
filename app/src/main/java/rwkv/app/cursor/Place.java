package rwkv.app.cursor;

/**
 * A head of the model.
 *
 * @param layer counted from 0
 * @param head counted from 0
 */
public record Place(int layer, int head) {

  /** As in "L3 H1". */
  @Override
  public String toString() {
    return "L" + layer + " H" + head;
  }
}
