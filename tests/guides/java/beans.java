import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import io.github.nnopen.*;
import io.github.nnopen.jdk.JdkTransport;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.*;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.*;

class Orders {
    final List<String> later = new ArrayList<>();

    void confirmLater(String orderNo) {
        later.add(orderNo);
    }
}

// BLOCK

public final class CLASS {
    public static void main(String[] args) throws Exception {
        Orders orders = new Orders();
        String body = "operater=callback&orderno=A-1&content=%7B%22c_orderno%22%3A%22A-1%22%7D";
        var web = MockMvcBuilders.standaloneSetup(new Pushes(orders)).build();
        web.perform(post("/nuonuo/push").contentType("application/x-www-form-urlencoded").content(body)).andExpect(status().isOk());
        if (!orders.later.equals(List.of("A-1"))) throw new IllegalStateException(orders.later.toString());
    }
}
