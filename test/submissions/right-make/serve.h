void serve(int c);
