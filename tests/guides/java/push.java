import io.github.nnopen.*;
import java.util.ArrayDeque;
import java.util.Queue;

public final class CLASS {
    static final Queue<String> queue = new ArrayDeque<>();

    static String take(String contentType, byte[] body) {
        // BLOCK
    }

    public static void main(String[] args) {
        byte[] body = "operater=callback&orderno=A-1&content=%7B%22c_orderno%22%3A%22A-1%22%7D".getBytes();
        String answer = take("application/x-www-form-urlencoded", body);
        if (!answer.contains("0000") || !queue.remove().equals("A-1")) throw new IllegalStateException(answer);
    }
}
